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

package io.github.polarspring.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reader for a response body, with limits on its size and on the time to read it.
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
				throw close(body, new LateResponseException("The response took longer than the total timeout", null));
			}
		}
		return content.toByteArray();
	}

	static UnusableResponseException tooLarge(long maxSize) {
		return new UnusableResponseException("The response is larger than " + maxSize + " bytes");
	}

	/**
	 * Close the body immediately: closing the response would read the rest of it first.
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
