// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import id.ssncard.simulator.card.Machine;
import id.ssncard.simulator.card.MachineHolder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javacard.framework.Applet;

/**
 * The classes of one card's applet: those of its package, rewritten; everything else comes from the simulator.
 *
 * <p>One loader a card, so that static fields are the card's own.
 */
public final class CardClassLoader extends ClassLoader implements MachineHolder {
    private final Machine machine;
    private final String packagePrefix;
    private final ClassFiles files;
    private final Map<String, ClassFiles.ClassFile> loaded = new TreeMap<>();

    /**
     * A loader for the package of {@code appletClass}.
     *
     * @param folder with class files that go before those of the class path, or null
     * @param coverage whether the classes report which way they go
     */
    public CardClassLoader(Machine machine, String appletClass, Path folder, boolean coverage) {
        super(CardClassLoader.class.getClassLoader());
        this.machine = machine;
        packagePrefix = appletClass.substring(0, appletClass.lastIndexOf('.') + 1);
        files = new ClassFiles(folder, coverage, this::isOfPackage);
    }

    @Override
    public Machine machine() {
        return machine;
    }

    /**
     * Loads and initialises an applet and all classes of its package that it needs, as a card does at load time.
     *
     * @throws ClassNotFoundException there is no such class
     * @throws ClassCastException it is no applet
     * @throws NotJavaCard it uses what no card has
     */
    public Class<? extends Applet> loadApplet(String name) throws ClassNotFoundException {
        Class<? extends Applet> applet = loadClass(name).asSubclass(Applet.class);
        Deque<String> wanted = new ArrayDeque<>(Set.of(name));
        while (!wanted.isEmpty()) {
            String next = wanted.remove();
            Class.forName(next, true, this);
            for (String neighbour : loaded.get(next).neighbours()) {
                if (!loaded.containsKey(neighbour) && !wanted.contains(neighbour) && files.exists(neighbour)) {
                    wanted.add(neighbour);
                }
            }
        }
        return applet;
    }

    /** The classes loaded so far, in the order of their names. */
    public Iterable<Class<?>> classes() {
        List<Class<?>> classes = new ArrayList<>();
        loaded.keySet().forEach(name -> classes.add(findLoadedClass(name)));
        return classes;
    }

    /** The edges of all classes loaded; none without coverage. */
    public List<Integer> edges() {
        return loaded.values().stream().flatMap(file -> file.edges().stream()).toList();
    }

    /** SHA-256 over the original class files: tells whether a saved card fits this code. */
    public byte[] codeDigest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            loaded.values().forEach(file -> digest.update(file.original()));
            return digest.digest();
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isOfPackage(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            ClassFiles.ClassFile file = files.read(name);
            loaded.put(name, file);
            return defineClass(name, file.rewritten(), 0, file.rewritten().length);
        }
    }

    private boolean isOfPackage(String name) {
        return name.startsWith(packagePrefix)
                && name.indexOf('.', packagePrefix.length()) < 0
                && !name.startsWith("java.");
    }
}
