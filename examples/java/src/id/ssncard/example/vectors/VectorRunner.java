// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plays {@code protocol/layouts.json} and all of {@code protocol/vectors} to this code; exit code 1 on any difference.
 *
 * <p>Of scp03.json and personalization.json only the SELECTs and the plain commands concern a terminal: the rest is the
 * personalization station's and the bank's, whose secure channel this example does not speak. schema.json describes
 * the files.
 */
public final class VectorRunner {
    private static final List<String> TRANSCRIPTS = List.of("personalization", "journey", "movements", "pins",
            "updates", "rotation", "recovery", "forms", "scp03");

    private VectorRunner() {}

    /** The directory {@code protocol} of the project. */
    public static void main(String[] args) throws IOException {
        Path protocol = Path.of(args.length > 0 ? args[0] : "protocol");
        Checks checks = new Checks();
        Map<String, Consumer<Doc>> players = players(checks);
        checks.at("layouts", () -> new MessageVectors(checks).layouts(read(protocol.resolve("layouts.json"))));
        for (String name : names(protocol.resolve("vectors"))) {
            int before = checks.made();
            checks.at(name, () -> {
                if (!players.containsKey(name)) {
                    throw new IllegalArgumentException("nobody plays this file");
                }
                players.get(name).accept(read(protocol.resolve("vectors").resolve(name + ".json")));
            });
            System.out.printf("%-16s %6d comparisons%n", name, checks.made() - before);
            players.remove(name);
        }
        checks.equal("files that are not there", "[]", players.keySet().toString());
        checks.differences().forEach(System.out::println);
        System.out.printf("%d comparisons, %d differences%n", checks.made(), checks.differences().size());
        System.exit(checks.differences().isEmpty() ? 0 : 1);
    }

    private static Map<String, Consumer<Doc>> players(Checks checks) {
        MessageVectors messages = new MessageVectors(checks);
        ReceiptVectors receipts = new ReceiptVectors(checks);
        Map<String, Consumer<Doc>> players = new LinkedHashMap<>();
        players.put("derivation", messages::derivation);
        players.put("select", messages::select);
        players.put("commands", messages::commands);
        players.put("answers", messages::answers);
        players.put("pin_blocks", messages::pinBlocks);
        players.put("baskets", messages::baskets);
        players.put("receipts", receipts::receipts);
        players.put("conclusions", receipts::conclusions);
        TRANSCRIPTS.forEach(name -> players.put(name, file -> transcripts(checks, file)));
        return players;
    }

    private static void transcripts(Checks checks, Doc file) {
        checks.members(file.members, "note", "serial", "install_data", "transcripts", "not_genuine");
        for (Doc transcript : file.docs("transcripts")) {
            checks.at(transcript.text("name"), () -> new Transcript(checks, transcript).play());
        }
    }

    private static List<String> names(Path vectors) throws IOException {
        try (Stream<Path> files = Files.list(vectors)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("schema.json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static Doc read(Path file) throws IOException {
        return new Doc(Json.parse(Files.readString(file)));
    }
}
