import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long Kafka takes by itself, with its own clients: from the moment at which a record was to be
 * sent until a consumer has it, at a steady rate. Kafka's own tool for this sends one record after
 * the other, at no rate, and tells whole milliseconds.
 *
 * <p>Run it with `java -cp 'JARS/*' Latency.java --bootstrap-server HOST:PORT TOPIC KEYS BYTES RATE
 * COUNT WARM-UP`. Before the records that count, WARM-UP others are sent. It prints, on one line: how
 * many records came, how many of them came a second, and the median, the 99th percentile and the
 * most of their times, in milliseconds.
 */
public final class Latency {
    /** How long the last records may take. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    /** The warm-up is sent as fast as a thousand a second. */
    private static final int WARM_UP_RATE = 1000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final byte[][] keys;
    private final int bytes;

    public static void main(String[] arguments) throws Exception {
        String broker = arguments[1];
        String topic = arguments[2];
        int[] numbers = Arrays.stream(arguments).skip(3).mapToInt(Integer::parseInt).toArray();
        var latency = new Latency(broker, topic, numbers[0], numbers[1]);
        latency.measure(WARM_UP_RATE, numbers[4]);
        System.out.println(latency.measure(numbers[2], numbers[3]));
        latency.producer.close();
        latency.consumer.close();
    }

    private Latency(String broker, String topic, int keys, int bytes) {
        // As daprd has it: every record is sent at once, and acknowledged by all replicas.
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker, "acks", "all", "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.topic = topic;
        this.bytes = bytes;
        this.keys = new byte[keys][];
        for (int key = 0; key < keys; key++) {
            this.keys[key] = Integer.toString(key).getBytes();
        }
        var partitions = consumer.partitionsFor(topic).stream()
                .map(found -> new TopicPartition(topic, found.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    private String measure(int rate, int count) throws InterruptedException {
        var arrivals = new AtomicLongArray(count);
        long began = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        long interval = TimeUnit.SECONDS.toNanos(1) / rate;
        Thread reader = new Thread(() -> read(arrivals, began + count * interval + PATIENCE));
        reader.start();
        for (int number = 0; number < count; number++) {
            long due = began + number * interval;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            byte[] value = new byte[bytes];
            ByteBuffer.wrap(value).putInt(number);
            producer.send(new ProducerRecord<>(topic, keys[number % keys.length], value));
        }
        producer.flush();
        reader.join();
        return told(arrivals, began, interval);
    }

    private void read(AtomicLongArray arrivals, long until) {
        int missing = arrivals.length();
        while (missing > 0 && System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(100))) {
                arrivals.set(ByteBuffer.wrap(found.value()).getInt(), System.nanoTime());
                missing--;
            }
        }
    }

    private static String told(AtomicLongArray arrivals, long began, long interval) {
        long last = began;
        long[] times = new long[arrivals.length()];
        int came = 0;
        for (int number = 0; number < times.length; number++) {
            long arrival = arrivals.get(number);
            if (arrival != 0) {
                last = Math.max(last, arrival);
                times[came++] = arrival - began - number * interval;
            }
        }
        Arrays.sort(times, 0, came);
        double seconds = (last - began + interval) / 1e9;
        return String.format("%d %.1f %.3f %.3f %.3f", came, came / seconds,
                at(times, came, 50), at(times, came, 99), at(times, came, 100));
    }

    /** A percentile in milliseconds, by the nearest rank. */
    private static double at(long[] times, int count, int percent) {
        int rank = (count * percent + 99) / 100;
        return count == 0 ? Double.NaN : times[Math.max(rank, 1) - 1] / 1e6;
    }
}
