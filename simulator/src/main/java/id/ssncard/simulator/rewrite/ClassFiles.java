// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Where an applet's class files come from: a folder of a card's own, then those of the system property
 * {@code ssn.card.classes}, then the class path.
 *
 * <p>So one process can hold cards with different versions of an applet (mutants, a version with coverage probes). What
 * was read once is kept: files must not change while the process runs.
 */
final class ClassFiles {
    /** Folders, separated as a class path. */
    static final String FOLDERS_PROPERTY = "ssn.card.classes";

    /** A class file as it was and as it is on a real card, the edges it reports, and the classes that it names. */
    record ClassFile(byte[] original, byte[] rewritten, List<Integer> edges, Set<String> neighbours) {}

    private static final Map<String, ClassFile> KNOWN = new ConcurrentHashMap<>();

    private final Path[] folders;
    private final boolean coverage;
    private final Predicate<String> ofPackage;

    /**
     * @param folder of a card's own, or null
     * @param coverage whether the classes report which way they go
     */
    ClassFiles(Path folder, boolean coverage, Predicate<String> ofPackage) {
        String shared = System.getProperty(FOLDERS_PROPERTY, "");
        String all = (folder == null ? "" : folder + File.pathSeparator) + shared;
        folders = Arrays.stream(all.split(File.pathSeparator))
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .toArray(Path[]::new);
        this.coverage = coverage;
        this.ofPackage = ofPackage;
    }

    boolean exists(String name) {
        try (InputStream in = open(name)) {
            return in != null;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Throws {@link ClassNotFoundException}, {@link NotJavaCard}. */
    ClassFile read(String name) throws ClassNotFoundException {
        String key = name + " " + coverage + " " + Arrays.toString(folders);
        ClassFile known = KNOWN.get(key);
        if (known != null) {
            return known;
        }
        try (InputStream in = open(name)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] original = in.readAllBytes();
            Rewriter.Rewritten rewritten = Rewriter.rewrite(original, coverage);
            ClassFile file = new ClassFile(
                    original, rewritten.bytes(), rewritten.edges(), Neighbours.of(original, ofPackage));
            KNOWN.put(key, file);
            return file;
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    private InputStream open(String name) throws IOException {
        String resource = name.replace('.', '/') + ".class";
        for (Path folder : folders) {
            Path file = folder.resolve(resource);
            if (Files.isRegularFile(file)) {
                return Files.newInputStream(file);
            }
        }
        return ClassFiles.class.getClassLoader().getResourceAsStream(resource);
    }
}
