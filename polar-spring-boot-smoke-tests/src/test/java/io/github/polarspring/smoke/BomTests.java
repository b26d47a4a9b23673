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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the BOM.
 */
class BomTests {

	private static final Path ROOT = Path.of("..");

	private final XPath xpath = XPathFactory.newInstance().newXPath();

	@Test
	void managesAllPublishedModulesAndNothingElse() throws Exception {
		List<String> published = new ArrayList<>();
		for (String module : texts(pom("."), "/project/modules/module")) {
			Document pom = pom(module);
			if (!texts(pom, "/project/properties/unpublished").contains("true")
					&& !texts(pom, "/project/packaging").contains("pom")) {
				published.add(module);
			}
		}
		Document bom = pom("polar-spring-bom");
		String dependency = "/project/dependencyManagement/dependencies/dependency";
		assertThat(texts(bom, dependency + "/artifactId")).hasSizeGreaterThan(3)
			.containsExactlyInAnyOrderElementsOf(published);
		assertThat(texts(bom, dependency + "/groupId")).containsOnly("io.github.polarspring");
		assertThat(texts(bom, dependency + "/version")).containsOnly("${project.version}");
		assertThat(texts(bom, dependency + "/*")).hasSize(3 * published.size());
	}

	private List<String> texts(Document document, String path) throws XPathExpressionException {
		NodeList nodes = (NodeList) this.xpath.evaluate(path, document, XPathConstants.NODESET);
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < nodes.getLength(); i++) {
			texts.add(nodes.item(i).getTextContent());
		}
		return texts;
	}

	private static Document pom(String module) throws Exception {
		return DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(ROOT.resolve(module).resolve("pom.xml").toFile());
	}

}
