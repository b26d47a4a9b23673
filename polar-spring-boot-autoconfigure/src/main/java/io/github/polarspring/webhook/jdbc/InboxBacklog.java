package io.github.polarspring.webhook.jdbc;

import java.time.Duration;

/**
 * What is not done in the inbox, by all instances together. Internal: not meant for
 * applications.
 *
 * @param pending events that wait, or are being handled
 * @param oldest how long the oldest of them could have been handled; zero if there is
 * none
 * @param heldLanes customers whose next event has failed and is tried again
 * @param deadLetters events that were given up
 * @since 0.1.0
 */
public record InboxBacklog(long pending, Duration oldest, long heldLanes, long deadLetters) {

}
