package io.github.polarspring.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Response whose body has been read, so that interceptors of the application may read it
 * too.
 */
final class ReadClientHttpResponse implements ClientHttpResponse {

	private final ClientHttpResponse delegate;

	private final byte[] content;

	ReadClientHttpResponse(ClientHttpResponse delegate, byte[] content) {
		this.delegate = delegate;
		this.content = content;
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
	public InputStream getBody() {
		return new ByteArrayInputStream(this.content);
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}
