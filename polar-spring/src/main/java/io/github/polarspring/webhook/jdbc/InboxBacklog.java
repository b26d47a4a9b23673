/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

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
