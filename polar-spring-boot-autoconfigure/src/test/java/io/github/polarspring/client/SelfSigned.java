package io.github.polarspring.client;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for 127.0.0.1 that nobody knows but who is told.
 */
final class SelfSigned {

	static final String PASSWORD = "changeit";

	private static final SelfSigned INSTANCE = new SelfSigned();

	private final Path keyStore;

	private final SSLContext sslContext;

	private SelfSigned() {
		try {
			Path directory = Files.createTempDirectory("self-signed");
			this.keyStore = directory.resolve("polar.p12");
			Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
					"-genkeypair", "-alias", "polar", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext",
					"san=ip:127.0.0.1", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore",
					this.keyStore.toString())
				.inheritIO()
				.start();
			if (keytool.waitFor() != 0) {
				throw new IllegalStateException("keytool failed");
			}
			this.keyStore.toFile().deleteOnExit();
			directory.toFile().deleteOnExit();
			KeyStore keys = KeyStore.getInstance("PKCS12");
			try (InputStream in = Files.newInputStream(this.keyStore)) {
				keys.load(in, PASSWORD.toCharArray());
			}
			KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keyManagers.init(keys, PASSWORD.toCharArray());
			this.sslContext = SSLContext.getInstance("TLS");
			this.sslContext.init(keyManagers.getKeyManagers(), null, null);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	static SSLContext sslContext() {
		return INSTANCE.sslContext;
	}

	static Path keyStore() {
		return INSTANCE.keyStore;
	}

}
