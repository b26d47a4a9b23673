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

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.polarspring.testsupport.Signed;

/**
 * Instances of the {@link CrashApplication}, each in a JVM of its own.
 */
final class Instances implements AutoCloseable {

	private final String url;

	private final List<String> properties;

	private final List<Instance> instances = new ArrayList<>();

	private int started;

	Instances(String url, int number, String... properties) throws IOException {
		this.url = url;
		this.properties = List.of(properties);
		for (int i = 0; i < number; i++) {
			this.instances.add(new Instance(freePort(), null));
		}
		for (int i = 0; i < number; i++) {
			start(i);
		}
		for (Instance instance : List.copyOf(this.instances)) {
			awaitPort(instance);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private void start(int index) throws IOException {
		int port = this.instances.get(index).port();
		Path log = Path.of("target", "crash", "instance-" + port + "-" + (++this.started) + ".log");
		Files.createDirectories(log.getParent());
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Xmx256m", CrashApplication.class.getName(), "--server.address=127.0.0.1",
						"--server.port=" + port, "--spring.datasource.url=" + this.url,
						"--polar.webhook.secret=" + Signed.SECRET, "--polar.environment=sandbox",
						"--polar.webhook.inbox=jdbc", "--spring.main.banner-mode=off"));
		command.addAll(this.properties);
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		// too long for the command line of some systems
		builder.environment()
			.put("CLASSPATH", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		Process process = builder.start();
		this.instances.set(index, new Instance(port, process));
	}

	private static void awaitPort(Instance instance) throws IOException {
		long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		while (true) {
			try {
				new Socket("127.0.0.1", instance.port()).close();
				return;
			}
			catch (IOException ex) {
				if (System.nanoTime() - until > 0 || !instance.process().isAlive()) {
					throw new IOException("The instance did not start: see " + new File("target/crash"), ex);
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
			}
		}
	}

	List<Integer> ports() {
		return this.instances.stream().map(Instance::port).toList();
	}

	/**
	 * Kill an instance, without any warning, and start it again.
	 */
	void kill(int index) throws IOException, InterruptedException {
		this.instances.get(index).process().destroyForcibly().waitFor();
		start(index);
	}

	/**
	 * Let all end as the operating system does.
	 */
	@Override
	public void close() {
		this.instances.forEach((instance) -> instance.process().destroy());
		for (Instance instance : this.instances) {
			try {
				if (!instance.process().waitFor(60, TimeUnit.SECONDS)) {
					instance.process().destroyForcibly();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private record Instance(int port, Process process) {

	}

}
