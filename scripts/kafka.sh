# shellcheck shell=bash
# shellcheck disable=SC2154  # Whoever sources it sets project, and kafka_jars by `scripts/tool kafka`.
# Sourced by the scripts beside it: one Kafka broker in a folder.

# A tool runs for a second or two: compiling it well would take longer than it runs.
kafka_java() {
  java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$kafka_jars/*" \
    -Dlog4j2.configurationFile="$project/engine/kafka/log4j2.properties" "$@"
}

# make_kafka FOLDER PORT CONTROLLER-PORT: writes the broker's settings, and makes its data folder
# where there is none.
make_kafka() {
  local kafka=$1 configuration=$1/server.properties
  {
    cat "$project/engine/kafka/server.properties"
    echo "listeners=PLAINTEXT://127.0.0.1:$2,CONTROLLER://127.0.0.1:$3"
    echo "controller.quorum.voters=1@127.0.0.1:$3"
    echo "log.dirs=$kafka/data"
  } >"$configuration"
  [[ ! -f $kafka/data/meta.properties ]] || return 0
  step "making Kafka's log folder"
  # A cluster's id is sixteen bytes in the URL's variant of base64, which can begin with a dash.
  kafka_java kafka.tools.StorageTool format --config "$configuration" \
    --cluster-id="$(head --bytes=16 /dev/urandom | base64 | tr '+/' '-_' | tr --delete '=')" \
    >"$kafka/format.log" 2>&1 ||
    fail "Kafka's storage tool failed in $kafka" "$(tail -n 5 "$kafka/format.log")"
}

# Sets kafka_broker to the command that runs the broker of a folder.
# shellcheck disable=SC2034  # It is for the caller.
find_kafka_broker() {
  kafka_broker=(java -Xms64m -Xmx384m -XX:+UseSerialGC -cp "$kafka_jars/*"
    "-Dlog4j2.configurationFile=$project/engine/kafka/log4j2.properties"
    kafka.Kafka "$1/server.properties")
}
