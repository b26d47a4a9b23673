package io.github.polarspring.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Response that ends with an error rather than going on for too many bytes or too long.
 */
final class BoundedClientHttpResponse implements ClientHttpResponse {

	private final ClientHttpResponse delegate;

	private final long maxSize;

	private final long deadline;

	private @Nullable InputStream body;

	/**
	 * Create a response.
	 * @param delegate the response to bound
	 * @param maxSize the maximum number of bytes
	 * @param deadline the {@link System#nanoTime()} after which nothing more is read
	 */
	BoundedClientHttpResponse(ClientHttpResponse delegate, long maxSize, long deadline) {
		this.delegate = delegate;
		this.maxSize = maxSize;
		this.deadline = deadline;
	}

	@Override
	public HttpStatusCode getStatusCode() throws IOException {
		return this.delegate.getStatusCode();
	}

	@Override
	public String getStatusText() throws IOException {
		return this.delegate.getStatusText();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.delegate.getHeaders();
	}

	@Override
	public InputStream getBody() throws IOException {
		InputStream body = this.body;
		if (body == null) {
			body = new BoundedInputStream(this.delegate.getBody());
			this.body = body;
		}
		return body;
	}

	@Override
	public void close() {
		this.delegate.close();
	}

	private final class BoundedInputStream extends FilterInputStream {

		private long size;

		BoundedInputStream(InputStream in) {
			super(in);
		}

		@Override
		public int read() throws IOException {
			checkDeadline();
			int result = super.read();
			count((result != -1) ? 1 : 0);
			return result;
		}

		@Override
		public int read(byte[] b, int off, int len) throws IOException {
			checkDeadline();
			int result = super.read(b, off, len);
			count(result);
			return result;
		}

		@Override
		public long skip(long n) throws IOException {
			checkDeadline();
			long result = super.skip(n);
			count(result);
			return result;
		}

		@Override
		public boolean markSupported() {
			return false;
		}

		private void checkDeadline() throws IOException {
			if (System.nanoTime() - BoundedClientHttpResponse.this.deadline > 0) {
				fail(new SocketTimeoutException("The answer took longer than the total timeout"));
			}
		}

		private void count(long bytes) throws IOException {
			this.size += Math.max(bytes, 0);
			if (this.size > BoundedClientHttpResponse.this.maxSize) {
				fail(new IOException("The answer is larger than " + BoundedClientHttpResponse.this.maxSize + " bytes"));
			}
		}

		/**
		 * Close at once, because closing the response would first read what is left.
		 */
		private void fail(IOException ex) throws IOException {
			try {
				super.close();
			}
			catch (IOException suppressed) {
				ex.addSuppressed(suppressed);
			}
			throw ex;
		}

	}

}
