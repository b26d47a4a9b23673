package io.github.polarspring.webhook;

import jakarta.servlet.http.HttpServlet;

/**
 * Gives the container something to map at the path of the endpoint: without it no filter
 * runs where the dispatcher servlet has another path. Never reached. Internal: not meant
 * for applications.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class PolarWebhookServlet extends HttpServlet {

}
