import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Brings a Kafka to the topics on standard input, which is what `errand topics` prints: a line of
 * headings, then name, partitions and retention in milliseconds.
 *
 * <p>Topics that are missing are made; those that are there get the retention and, where they have
 * fewer, the partitions. Kafka's own command makes one topic in each process of its own; twenty of
 * those take half a minute where this takes a second. No topic is ever removed.
 *
 * <p>Run it with `java -cp 'JARS/*' Topics.java HOST:PORT`.
 */
public final class Topics {
    private record Plan(String name, int partitions, long retention) {
        /**
         * Kafka deletes whole segments, and only closed ones, and closes a quiet one after a week
         * unless told otherwise: so what is kept for minutes needs segments of minutes.
         */
        Map<String, String> configuration() {
            return Map.of(
                    "retention.ms", Long.toString(retention), "segment.ms", Long.toString(retention / 3));
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<Plan> plans = read();
        if (plans.isEmpty()) {
            throw new IllegalArgumentException("no topics on standard input");
        }
        Map<String, Object> client =
                Map.of("bootstrap.servers", arguments[0], "default.api.timeout.ms", 30_000);
        try (Admin admin = Admin.create(client)) {
            create(admin, plans);
        }
    }

    private static List<Plan> read() {
        List<Plan> plans = new ArrayList<>();
        try (Scanner lines = new Scanner(System.in)) {
            lines.nextLine();
            while (lines.hasNextLine()) {
                String[] columns = lines.nextLine().trim().split("\\s+");
                plans.add(new Plan(columns[0], Integer.parseInt(columns[1]), Long.parseLong(columns[2])));
            }
        }
        return plans;
    }

    private static void create(Admin admin, List<Plan> plans) throws Exception {
        var present = admin.listTopics().names().get();
        List<String> kept = plans.stream().map(Plan::name).filter(present::contains).toList();
        Map<String, TopicDescription> descriptions = admin.describeTopics(kept).allTopicNames().get();

        List<NewTopic> missing = new ArrayList<>();
        Map<String, NewPartitions> larger = new HashMap<>();
        Map<ConfigResource, Collection<AlterConfigOp>> settings = new HashMap<>();
        for (Plan plan : plans) {
            TopicDescription found = descriptions.get(plan.name());
            if (found == null) {
                missing.add(new NewTopic(plan.name(), plan.partitions(), (short) 1)
                        .configs(plan.configuration()));
                continue;
            }
            if (found.partitions().size() < plan.partitions()) {
                larger.put(plan.name(), NewPartitions.increaseTo(plan.partitions()));
            }
            settings.put(
                    new ConfigResource(ConfigResource.Type.TOPIC, plan.name()),
                    plan.configuration().entrySet().stream()
                            .map(entry -> new ConfigEntry(entry.getKey(), entry.getValue()))
                            .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                            .toList());
        }
        admin.createTopics(missing).all().get();
        admin.createPartitions(larger).all().get();
        admin.incrementalAlterConfigs(settings).all().get();
        System.out.printf(
                "%d topics: %d new, %d with more partitions%n", plans.size(), missing.size(), larger.size());
    }
}
