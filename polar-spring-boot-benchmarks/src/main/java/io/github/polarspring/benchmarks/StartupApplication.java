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

package io.github.polarspring.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Application that starts, prints its startup time, and exits. It runs with and without
 * the starter.
 */
final class StartupApplication {

	private StartupApplication() {
	}

	/**
	 * Start the application.
	 * @param args the name of the controller to register, and properties
	 */
	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(BenchmarkApplication.class,
				ClassUtils.resolveClassName(args[0], null));
		List<String> properties = new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off",
				"--logging.threshold.console=warn", "--polar.access-token=polar_oat_benchmark0123456789"));
		properties.addAll(List.of(args).subList(1, args.length));
		ConfigurableApplicationContext context = application.run(properties.toArray(String[]::new));
		System.out.println("ready " + ManagementFactory.getRuntimeMXBean().getUptime());
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		for (String name : beans.getBeanDefinitionNames()) {
			Object bean = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
			if (bean != null && bean.getClass().getName().startsWith("io.github.polarspring.")
					&& !bean.getClass().getName().startsWith("io.github.polarspring.benchmarks.")) {
				System.out.println("bean " + ClassUtils.getShortName(name));
			}
		}
		System.exit(0);
	}

}
