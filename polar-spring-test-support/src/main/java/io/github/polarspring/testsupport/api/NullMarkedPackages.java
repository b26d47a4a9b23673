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

package io.github.polarspring.testsupport.api;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/**
 * Architecture conditions for packages, shared by several modules.
 */
public final class NullMarkedPackages {

	private NullMarkedPackages() {
	}

	/**
	 * Return the condition that a type is in a package with {@link NullMarked}.
	 * @return the condition
	 */
	public static ArchCondition<JavaClass> beNullMarked() {
		return new ArchCondition<>("reside in a package that is @NullMarked") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage()
					.tryGetPackageInfo()
					.filter(CanBeAnnotated.Predicates.annotatedWith(NullMarked.class))
					.isPresent();
				events
					.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is @NullMarked: " + marked));
			}

		};
	}

	/**
	 * {@link ImportOption} that excludes the module of this class.
	 */
	public static final class ExcludeTestSupport implements ImportOption {

		@Override
		public boolean includes(Location location) {
			return !location.contains("polarspring/testsupport/");
		}

	}

}
