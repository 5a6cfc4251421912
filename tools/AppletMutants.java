// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pitest.classinfo.ClassName;
import org.pitest.classpath.ClassloaderByteArraySource;
import org.pitest.mutationtest.EngineArguments;
import org.pitest.mutationtest.engine.Mutater;
import org.pitest.mutationtest.engine.MutationDetails;
import org.pitest.mutationtest.engine.gregor.config.GregorEngineFactory;

/**
 * PIT's mutants of classes: {@code OUT MUTATORS CLASS...}, with PIT and the classes on the class path. The class file of
 * each goes to a folder of its number under OUT, as a class path has it, and a line tells: number, class, method, mutator,
 * source line, and what was changed.
 */
final class AppletMutants {
    private AppletMutants() {}

    public static void main(String[] arguments) throws IOException {
        Path out = Path.of(arguments[0]);
        List<String> mutators = List.of(arguments[1].split(","));
        Mutater mutater = new GregorEngineFactory()
                .createEngine(EngineArguments.arguments().withMutators(mutators))
                .createMutator(new ClassloaderByteArraySource(ClassLoader.getSystemClassLoader()));
        int number = 0;
        for (String name : List.of(arguments).subList(2, arguments.length)) {
            List<MutationDetails> found = new ArrayList<>(mutater.findMutations(ClassName.fromString(name)));
            found.sort((one, other) -> one.getId().compareTo(other.getId()));
            for (MutationDetails mutant : found) {
                number++;
                Path file = out.resolve(Integer.toString(number)).resolve(name.replace('.', '/') + ".class");
                Files.createDirectories(file.getParent());
                Files.write(file, mutater.getMutation(mutant.getId()).getBytes());
                String mutator = mutant.getMutator();
                System.out.printf("%d\t%s\t%s\t%s\t%d\t%s%n", number, name, mutant.getMethod(),
                        mutator.substring(mutator.lastIndexOf('.') + 1), mutant.getLineNumber(), mutant.getDescription());
            }
        }
    }
}
