package io.github.polarspring.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a body that ends with an error rather than going on for too many bytes or too
 * long.
 */
final class BoundedBody {

	private static final int BUFFER_SIZE = 8192;

	private BoundedBody() {
	}

	/**
	 * Read a body to its end.
	 * @param body the body
	 * @param maxSize the maximum number of bytes
	 * @param deadline the {@link System#nanoTime()} after which nothing more is read
	 * @return the content
	 */
	static byte[] read(InputStream body, long maxSize, long deadline) throws IOException {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		byte[] buffer = new byte[BUFFER_SIZE];
		for (int read = body.read(buffer); read != -1; read = body.read(buffer)) {
			content.write(buffer, 0, read);
			if (content.size() > maxSize) {
				throw close(body, tooLarge(maxSize));
			}
			if (System.nanoTime() - deadline > 0) {
				throw close(body, new LateAnswerException("The answer took longer than the total timeout", null));
			}
		}
		return content.toByteArray();
	}

	static UnusableAnswerException tooLarge(long maxSize) {
		return new UnusableAnswerException("The answer is larger than " + maxSize + " bytes");
	}

	/**
	 * Close at once, because closing the response would first read what is left.
	 */
	private static IOException close(InputStream body, IOException ex) {
		try {
			body.close();
		}
		catch (IOException suppressed) {
			ex.addSuppressed(suppressed);
		}
		return ex;
	}

}
