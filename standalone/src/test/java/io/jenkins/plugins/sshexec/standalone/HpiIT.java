package io.jenkins.plugins.sshexec.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Extension;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What is in the .hpi, and what must not be. */
class HpiIT {
    private static final String PACKAGE = "io/jenkins/plugins/sshexec/";
    private static final String OWN_JAR = "WEB-INF/lib/ssh-exec.jar";

    private JarFile hpi;

    @BeforeEach
    void open() throws IOException {
        hpi = new JarFile(System.getProperty("hpi"));
    }

    @AfterEach
    void close() throws IOException {
        hpi.close();
    }

    @Test
    void holdsThePluginAndItsTwoLibraries() {
        List<String> files = hpi.stream()
                .filter(entry -> !entry.isDirectory())
                .map(entry -> entry.getName().replaceAll("-[\\d.]+\\.jar$", ".jar"))
                .toList();
        assertThat(files)
                .containsExactlyInAnyOrder(
                        "META-INF/MANIFEST.MF", OWN_JAR, "WEB-INF/lib/jsch.jar", "WEB-INF/lib/commons-pool2.jar");
    }

    @Test
    void holdsNoClassThatIsNotThePlugins() throws Exception {
        Set<String> classes =
                namesInJar().stream().filter(name -> name.endsWith(".class")).collect(Collectors.toSet());
        assertThat(classes)
                .contains(PACKAGE + "step/SshExecStep.class", PACKAGE + "step/Messages.class")
                .allMatch(name -> name.startsWith(PACKAGE) && !name.startsWith(PACKAGE + "standalone/"));
    }

    @Test
    void holdsFormsAndTexts() throws Exception {
        assertThat(namesInJar())
                .contains(
                        "index.jelly",
                        PACKAGE + "management/SshSessionsLink/sessions.css",
                        PACKAGE + "management/SshSessionsLink/sessions.js",
                        PACKAGE + "step/SshExecStep/config.jelly",
                        PACKAGE + "step/SshExecStep/help-command.html",
                        PACKAGE + "step/Messages.properties");
    }

    /** Without them Jenkins would load the plugin and find nothing in it. */
    @Test
    void holdsIndexesOfThePluginsClassesAlone() throws Exception {
        assertThat(lines("META-INF/annotations/hudson.Extension.txt"))
                .anyMatch(line -> line.contains("step.SshExecStep$DescriptorImpl"))
                .allMatch(line -> line.startsWith("#") || line.contains("io.jenkins.plugins.sshexec."))
                .noneMatch(line -> line.contains(".standalone."));
        assertThat(lines("META-INF/services/annotations/org.jenkinsci.Symbol"))
                .contains("io.jenkins.plugins.sshexec.config.SshExecConfiguration");
        assertThat(lines("META-INF/services/annotations/hudson.init.Terminator"))
                .containsExactly("io.jenkins.plugins.sshexec.lifecycle.SshPoolService");
        assertThat(namesInJar()).contains("META-INF/annotations/hudson.Extension");
    }

    @Test
    void saysInBothManifestsWhoseItIs() throws Exception {
        assertManifest(hpi.getManifest().getMainAttributes());
        try (JarInputStream jar = ownJar()) {
            assertManifest(jar.getManifest().getMainAttributes());
        }
    }

    private static void assertManifest(Attributes manifest) {
        assertThat(manifest.getValue("Short-Name")).isEqualTo("ssh-exec");
        assertThat(manifest.getValue("Long-Name")).isEqualTo("SSH Exec");
        assertThat(manifest.getValue("Plugin-Version")).isNotEmpty();
        assertThat(manifest.getValue("Jenkins-Version")).isEqualTo("2.516.3");
        assertThat(manifest.getValue("Minimum-Java-Version")).isEqualTo("17");
    }

    /** The two POMs name the same plugins. */
    @Test
    void dependsOnThePluginsOfThePluginsOwnBuild() throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of(System.getProperty("plugin.pom")).toFile());
        XPath xpath = XPathFactory.newInstance().newXPath();
        NodeList dependenciesInPom = (NodeList) xpath.evaluate(
                "/project/dependencies/dependency[not(scope='test') and starts-with(groupId, 'org.jenkins')]",
                pom,
                XPathConstants.NODESET);
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < dependenciesInPom.getLength(); i++) {
            boolean optional =
                    xpath.evaluate("optional", dependenciesInPom.item(i)).equals("true");
            expected.add(xpath.evaluate("artifactId", dependenciesInPom.item(i))
                    + (optional ? ";resolution:=optional" : ""));
        }
        String dependencies = hpi.getManifest().getMainAttributes().getValue("Plugin-Dependencies");
        assertThat(Arrays.stream(dependencies.split(",")).map(each -> each.replaceFirst(":[^;]*", "")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** As in a Jenkins without the metrics plugin: its extension cannot be loaded there, and is marked as optional. */
    @Test
    void allButTheMetricsLoadWithoutTheMetricsPlugin(@TempDir Path directory) throws Exception {
        Path jar = directory.resolve("ssh-exec.jar");
        try (InputStream in = hpi.getInputStream(hpi.getJarEntry(OWN_JAR))) {
            Files.copy(in, jar);
        }
        List<String> unloadable = new ArrayList<>();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, new WithoutMetrics())) {
            for (IndexItem<Extension, Object> item : Index.load(Extension.class, Object.class, loader)) {
                try {
                    Class<?> type = (Class<?>) item.element();
                    assertThat(type.getClassLoader()).isSameAs(loader);
                    type.getDeclaredMethods();
                } catch (InstantiationException | LinkageError e) {
                    unloadable.add(item.className());
                    assertThat(item.annotation().optional())
                            .as(item.className())
                            .isTrue();
                }
            }
        }
        assertThat(unloadable).containsExactly("io.jenkins.plugins.sshexec.metrics.PoolMetricProvider");
    }

    /** The classes of Jenkins and of the bundled libraries; neither the plugin's own, nor those of the metrics plugin. */
    private static final class WithoutMetrics extends ClassLoader {
        WithoutMetrics() {
            super(HpiIT.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean plugins = name.startsWith("io.jenkins.plugins.sshexec.") && !name.contains(".standalone.");
            if (plugins || name.startsWith("com.codahale.metrics.") || name.startsWith("jenkins.metrics.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        /** The index of the .hpi alone. */
        @Override
        public Enumeration<URL> getResources(String name) {
            return Collections.emptyEnumeration();
        }
    }

    private JarInputStream ownJar() throws IOException {
        return new JarInputStream(hpi.getInputStream(hpi.getJarEntry(OWN_JAR)));
    }

    private Set<String> namesInJar() throws IOException {
        Set<String> names = new TreeSet<>();
        try (JarInputStream jar = ownJar()) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    private List<String> lines(String name) throws IOException {
        try (JarInputStream jar = ownJar()) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                if (entry.getName().equals(name)) {
                    return new String(jar.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
                }
            }
        }
        throw new AssertionError("No " + name + " in " + OWN_JAR);
    }
}
