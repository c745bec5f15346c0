# shellcheck shell=bash
# shellcheck disable=SC2154  # scripts/engine sets folder, project, binary and the programs.
# Sourced by scripts/engine: what stands in the folder of an engine, and on which ports it answers.
#
#   secret, web.secret      what Errand and the web app seal with
#   *.password              those of PostgreSQL's roles: Errand's, the sidecars' and the web app's
#   sidecars/secrets.json   the secret, and the address of the database for each role
#   postgres/, kafka/       the data
#   supervisord.conf        what runs, with this start's tokens; made anew at each start
#   log/                    one file a process, of the last start

services=(backend-api recurring-service notification-service audit-service realtime-service)
replicas=${ENGINE_REPLICAS:-1}
port_base=${PORT_BASE:-8000}
# For so many seconds a service may be away, or unable to handle events, before its sidecar takes it
# for gone. A test of that has not the time to wait for a minute.
health_threshold=${ENGINE_HEALTH_THRESHOLD:-60}

[[ $replicas =~ ^[1-9]$ ]] || fail "ENGINE_REPLICAS=$replicas is not a number from 1 to 9"
[[ $port_base =~ ^[0-9]{4,5}$ ]] || fail "PORT_BASE=$port_base is not a port from 1024 to 65000"
((1024 <= port_base && port_base <= 65000)) || fail "PORT_BASE=$port_base is not a port from 1024 to 65000"

postgres_port=$((port_base + 500))
kafka_port=$((port_base + 501))
kafka_controller_port=$((port_base + 502))

# The built web app, where there is one to run. Its sidecar has the ports after those of the services.
web_folder=${ENGINE_WEB:-$project/.errand/web}
if [[ ${ENGINE_WEB:-} == no || (-z ${ENGINE_WEB:-} && ! -f $web_folder/server.js) ]]; then web_folder=''; fi
web_port=${ENGINE_WEB_PORT:-$((port_base == 8000 ? 3000 : port_base + 510))}
web_index=${#services[@]}
web_url=${ERRAND_WEB_URL:-http://localhost:$web_port}
web_url=${web_url%/}

# port KIND SERVICE-INDEX REPLICA: services as `errand up` has them, ten further for each replica;
# the four ports of a sidecar some hundreds above its service's.
port() {
  local hundreds
  case $1 in
    service) hundreds=0 ;;
    sidecar) hundreds=1 ;;
    sidecar-http) hundreds=2 ;;
    sidecar-internal) hundreds=3 ;;
    sidecar-metrics) hundreds=4 ;;
  esac
  echo $((port_base + 100 * hundreds + $2 + 10 * ($3 - 1)))
}

# Calls `$1 NAME SERVICE SERVICE-INDEX REPLICA` for every replica of every service.
each_replica() {
  local index replica
  for ((replica = 1; replica <= replicas; replica++)); do
    for index in "${!services[@]}"; do
      "$1" "${services[index]}-$replica" "${services[index]}" "$index" "$replica"
    done
  done
}

# Whatever is missing in the folder; what is there stays.
prepare_folder() {
  mkdir -p "$folder"/{kafka,log,sidecars}
  # PostgreSQL runs as another user where this one is root, and has to reach its own folder.
  chmod 0711 "$folder"
  make_secrets
  make_postgres
  make_kafka "$folder/kafka" "$kafka_port" "$kafka_controller_port"
  rm -f "$folder"/log/*
  # Sidecars of another start may have had other ports.
  rm -f "$folder"/sidecars/name-resolution.db*
  write_supervisor_configuration >"$folder/supervisord.conf"
}

make_secrets() {
  local name address=127.0.0.1:$postgres_port/errand
  for name in secret postgres.password state.password web.secret web.password; do
    [[ -f $folder/$name ]] || random_hexadecimal >"$folder/$name"
  done
  database_url=postgres://errand:$(<"$folder/postgres.password")@$address
  # Which of them services may have is said in dapr/local/configuration.yaml.
  printf '{"DATABASE_URL": "%s", "ERRAND_SECRET": "%s", "state-database-url": "%s"}\n' \
    "$database_url" "$(<"$folder/secret")" \
    "postgres://errand_state:$(<"$folder/state.password")@$address" >"$folder/sidecars/secrets.json"
}

random_hexadecimal() {
  od --address-radix=n --format=x1 --read-bytes=32 /dev/urandom | tr --delete ' \n'
}

make_postgres() {
  local data=$folder/postgres password_file=$folder/postgres.password
  [[ ! -f $data/PG_VERSION ]] || return 0
  step "making a database cluster"
  mkdir -p "$data"
  # What initdb reads it must own, and it runs as another user where this one is root.
  if ((EUID == 0)); then
    chown postgres "$data" "$password_file"
    unprivileged test -w "$data" || fail "PostgreSQL refuses to run as root, and its own user cannot reach $data" \
      "Name a folder that it can reach: ENGINE_DIR=/var/tmp/errand-engine"
  fi
  unprivileged "$postgres_programs/initdb" --pgdata="$data" --username=errand \
    --auth=scram-sha-256 --pwfile="$password_file" --encoding=UTF8 --locale=C.UTF-8 \
    >"$folder/log/initdb.log" 2>&1 ||
    fail "initdb failed in $data" "$(tail -n 5 "$folder/log/initdb.log")"
  if ((EUID == 0)); then chown root "$password_file"; fi
}

# Everything that runs. Nothing starts by itself, as the order counts; what has been started is
# started again whenever it ends, after one second more with each try that fails at once. The
# groups end in the reverse order of their priority.
write_supervisor_configuration() {
  cat <<CONFIGURATION
[supervisord]
logfile = $folder/log/supervisord.log
pidfile = $folder/supervisord.pid
childlogdir = $folder/log
directory = $folder
umask = 077

[unix_http_server]
file = $folder/supervisor.sock
chmod = 0600

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl = unix://$folder/supervisor.sock

$(program postgres "$postgres_programs/postgres -D $folder/postgres -p $postgres_port \
-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400")
; A fast shutdown: the default, on TERM, waits for every client to go.
stopsignal = INT
priority = 10
$(if ((EUID == 0)); then echo "user = postgres"; fi)

$(find_kafka_broker "$folder/kafka" && program kafka "${kafka_broker[*]}")
stopwaitsecs = 30
priority = 20

[group:sidecars]
programs = $({ each_replica echo_name; [[ -z $web_folder ]] || echo web; } | paste --serial --delimiters=, | sed 's/[^,]*/&-sidecar/g')
priority = 30

[group:services]
programs = $(each_replica echo_name | paste --serial --delimiters=,)
priority = 40

$(each_replica write_replica)

$([[ -z $web_folder ]] || write_web)
CONFIGURATION
}

echo_name() {
  echo "$1"
}

write_replica() {
  local name=$1 service=$2 index=$3 replica=$4 api_token app_token
  # A sidecar shares its tokens with its own service alone.
  api_token=$(random_hexadecimal)
  app_token=$(random_hexadecimal)
  # The health check is for the start only: a sidecar that sees its service go may lose subscriptions
  # for good when it comes back, so a minute passes before it takes one for gone.
  # A delivery that waits for its service takes all the time that there is for an orderly end.
  program "$name-sidecar" "$daprd --app-id $service --app-protocol grpc \
--app-channel-address 127.0.0.1 --app-port $(port service "$index" "$replica") \
--dapr-listen-addresses 127.0.0.1 --dapr-grpc-port $(port sidecar "$index" "$replica") \
--dapr-http-port $(port sidecar-http "$index" "$replica") \
--dapr-internal-grpc-listen-address 127.0.0.1 \
--dapr-internal-grpc-port $(port sidecar-internal "$index" "$replica") \
--metrics-listen-address 127.0.0.1 --metrics-port $(port sidecar-metrics "$index" "$replica") \
--resources-path $project/dapr/local/resources --config $project/dapr/local/configuration.yaml \
--enable-app-health-check --app-health-probe-interval 1 --app-health-threshold $health_threshold \
--dapr-graceful-shutdown-seconds 5"
  echo "directory = $folder/sidecars"
  echo "environment = DAPR_API_TOKEN=\"$api_token\",APP_API_TOKEN=\"$app_token\",KAFKA_BROKERS=\"127.0.0.1:$kafka_port\""
  echo
  # The name is its own again after each restart, so that it takes over at once what it had leased.
  program "$name" "$binary $service"
  echo "stopwaitsecs = 30"
  echo "environment = DAPR_API_TOKEN=\"$api_token\",APP_API_TOKEN=\"$app_token\",\
DAPR_GRPC_PORT=\"$(port sidecar "$index" "$replica")\",ERRAND_SERVER_PORT=\"$(port service "$index" "$replica")\",\
ERRAND_PROCESS_INSTANCE=\"$replica\",ERRAND_SECRETS_STORE=\"secretstore\",ERRAND_AUTH_LOCAL=\"true\""
  echo
}

# The web app and its sidecar, through which it calls the services. Nothing calls the web app there, and
# nothing is delivered to it: its sidecar has no port of it, and no components.
write_web() {
  local api_token
  api_token=$(random_hexadecimal)
  program web-sidecar "$daprd --app-id web \
--dapr-listen-addresses 127.0.0.1 --dapr-grpc-port $(port sidecar "$web_index" 1) \
--dapr-http-port $(port sidecar-http "$web_index" 1) \
--dapr-internal-grpc-listen-address 127.0.0.1 \
--dapr-internal-grpc-port $(port sidecar-internal "$web_index" 1) \
--metrics-listen-address 127.0.0.1 --metrics-port $(port sidecar-metrics "$web_index" 1) \
--config $project/dapr/local/configuration.yaml --dapr-graceful-shutdown-seconds 5"
  echo "directory = $folder/sidecars"
  echo "environment = DAPR_API_TOKEN=\"$api_token\""
  echo
  program web "$web_folder/node $web_folder/server.js"
  echo "directory = $web_folder"
  # Live updates may be open, and last as long as the services do.
  echo "stopwaitsecs = 3"
  # It ends before the services that it calls.
  echo "priority = 50"
  echo "environment = NODE_ENV=\"production\",HOSTNAME=\"127.0.0.1\",PORT=\"$web_port\",\
DAPR_GRPC_PORT=\"$(port sidecar "$web_index" 1)\",DAPR_API_TOKEN=\"$api_token\",\
ERRAND_WEB_URL=\"$web_url\",ERRAND_WEB_SECRET=\"$(<"$folder/web.secret")\",\
ERRAND_WEB_DATABASE_URL=\"postgres://errand_web:$(<"$folder/web.password")@127.0.0.1:$postgres_port/errand\",\
ERRAND_WEB_REALTIME_URL=\"http://127.0.0.1:$(port service 4 1)\""
}

# The variables that a replica of a service is given, one a line; nothing where there is none of that
# name.
variables_of() {
  sed --quiet "/^\[program:$1\]\$/,/^\[/s/^environment = //p" "$folder/supervisord.conf" |
    grep ERRAND_SERVER_PORT | tr ',' '\n' | tr --delete '"' || true
}

program() {
  cat <<PROGRAM
[program:$1]
command = $2
autostart = false
autorestart = true
startsecs = 1
startretries = 1000000
stopwaitsecs = 10
redirect_stderr = true
stdout_logfile = $folder/log/$1.log
stdout_logfile_maxbytes = 50MB
stdout_logfile_backups = 1
PROGRAM
}
