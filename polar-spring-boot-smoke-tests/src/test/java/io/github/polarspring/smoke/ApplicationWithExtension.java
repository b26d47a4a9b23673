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

package io.github.polarspring.smoke;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Calls the test in a class loader that has what {@link ApplicationWith} says, and not
 * what else is on the class path of this module. Tests with the same libraries share one.
 */
class ApplicationWithExtension implements InvocationInterceptor {

	private static final Map<ApplicationClassPath, ClassLoader> classLoaders = new ConcurrentHashMap<>();

	@Override
	public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> context,
			ExtensionContext extensionContext) throws Throwable {
		invocation.skip();
		Method method = context.getExecutable();
		ApplicationWith application = method.getAnnotation(ApplicationWith.class);
		ClassLoader classLoader = classLoaders.computeIfAbsent(
				new ApplicationClassPath(application.module(), EnumSet.of(Library.TESTS, application.value())),
				ApplicationWithExtension::classLoader);
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(classLoader);
		try {
			Class<?> type = Class.forName(context.getTargetClass().getName(), true, classLoader);
			Constructor<?> constructor = type.getDeclaredConstructor();
			constructor.setAccessible(true);
			Method same = type.getDeclaredMethod(method.getName());
			same.setAccessible(true);
			same.invoke(constructor.newInstance());
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static ClassLoader classLoader(ApplicationClassPath classPath) {
		try {
			List<URL> urls = new ArrayList<>();
			for (Path path : ClassPath.of(classPath.module(), classPath.libraries())) {
				urls.add(path.toUri().toURL());
			}
			ClassLoader classLoader = new URLClassLoader(urls.toArray(URL[]::new),
					ClassLoader.getPlatformClassLoader());
			if (classPath.libraries().contains(Library.TOMCAT)) {
				keepToItself(classLoader);
			}
			return classLoader;
		}
		catch (IOException | ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Only one Tomcat of a JVM can register its protocols.
	 */
	private static void keepToItself(ClassLoader classLoader) throws ReflectiveOperationException {
		Class.forName("org.apache.catalina.webresources.TomcatURLStreamHandlerFactory", true, classLoader)
			.getMethod("disable")
			.invoke(null);
	}

	private record ApplicationClassPath(String module, Set<Library> libraries) {

	}

}
