// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** The classes that a class names. */
final class Neighbours {
    private Neighbours() {}

    /** Those for whose names {@code wanted} holds. */
    static Set<String> of(byte[] classFile, Predicate<String> wanted) {
        Set<String> names = new TreeSet<>();
        Remapper collector = new Remapper() {
            @Override
            public String map(String internalName) {
                String name = internalName.replace('/', '.');
                if (wanted.test(name)) {
                    names.add(name);
                }
                return internalName;
            }
        };
        new ClassReader(classFile).accept(new ClassRemapper(new ClassWriter(0), collector), ClassReader.SKIP_DEBUG);
        return names;
    }
}
