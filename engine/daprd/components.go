package main

import (
	"github.com/dapr/components-contrib/bindings/cron"
	kubernetesnames "github.com/dapr/components-contrib/nameresolution/kubernetes"
	"github.com/dapr/components-contrib/nameresolution/mdns"
	"github.com/dapr/components-contrib/nameresolution/sqlite"
	"github.com/dapr/components-contrib/pubsub/kafka"
	kubernetessecrets "github.com/dapr/components-contrib/secretstores/kubernetes"
	"github.com/dapr/components-contrib/secretstores/local/env"
	"github.com/dapr/components-contrib/secretstores/local/file"
	postgresql "github.com/dapr/components-contrib/state/postgresql/v2"
	"github.com/dapr/dapr/pkg/components"
	"github.com/dapr/dapr/pkg/components/bindings"
	"github.com/dapr/dapr/pkg/components/configuration"
	"github.com/dapr/dapr/pkg/components/conversation"
	"github.com/dapr/dapr/pkg/components/crypto"
	"github.com/dapr/dapr/pkg/components/lock"
	"github.com/dapr/dapr/pkg/components/middleware/http"
	"github.com/dapr/dapr/pkg/components/nameresolution"
	"github.com/dapr/dapr/pkg/components/pubsub"
	"github.com/dapr/dapr/pkg/components/secretstores"
	"github.com/dapr/dapr/pkg/components/state"
	"github.com/dapr/dapr/pkg/runtime/registry"
	"github.com/dapr/kit/logger"
)

// componentRegistry holds the components that Errand uses and no others.
//
// The names are those of Dapr's own distribution, so that one component file suits both.
func componentRegistry() *registry.Options {
	pubsub.DefaultRegistry.RegisterComponent(kafka.NewKafka, "kafka")
	// Version 1 of the store has another table and is not built in, so a component file has to say
	// `version: v2`: one that forgets it fails at the start instead of writing to the wrong table.
	state.DefaultRegistry.RegisterComponentWithVersions("postgresql", components.Versioning{
		Preferred: components.VersionConstructor{
			Version:     "v2",
			Constructor: postgresql.NewPostgreSQLStateStore,
		},
		Default: "v2",
	})
	bindings.DefaultRegistry.RegisterInputBinding(cron.NewCron, "cron")
	secretstores.DefaultRegistry.RegisterComponent(env.NewEnvSecretStore, "local.env")
	secretstores.DefaultRegistry.RegisterComponent(file.NewLocalSecretStore, "local.file")
	secretstores.DefaultRegistry.RegisterComponent(kubernetessecrets.NewKubernetesSecretStore, "kubernetes")
	// One machine resolves names by sqlite: Dapr's default there, mdns, needs multicast, which
	// containers and many networks have not.
	nameresolution.DefaultRegistry.RegisterComponent(sqlite.NewResolver, "sqlite")
	nameresolution.DefaultRegistry.RegisterComponent(mdns.NewResolver, "mdns")
	nameresolution.DefaultRegistry.RegisterComponent(kubernetesnames.NewResolver, "kubernetes")

	logComponents(logger.NewLogger("dapr.contrib"))
	// The runtime asks every registry, the empty ones too.
	return registry.NewOptions().
		WithPubSubs(pubsub.DefaultRegistry).
		WithStateStores(state.DefaultRegistry).
		WithBindings(bindings.DefaultRegistry).
		WithSecretStores(secretstores.DefaultRegistry).
		WithNameResolutions(nameresolution.DefaultRegistry).
		WithConfigurations(configuration.DefaultRegistry).
		WithLocks(lock.DefaultRegistry).
		WithCryptoProviders(crypto.DefaultRegistry).
		WithConversations(conversation.DefaultRegistry).
		WithHTTPMiddlewares(http.DefaultRegistry)
}

// logComponents gives the registries the logger of their components: without one they crash at the
// first line that a component logs.
func logComponents(log logger.Logger) {
	pubsub.DefaultRegistry.Logger = log
	state.DefaultRegistry.Logger = log
	bindings.DefaultRegistry.Logger = log
	secretstores.DefaultRegistry.Logger = log
	nameresolution.DefaultRegistry.Logger = log
	configuration.DefaultRegistry.Logger = log
	lock.DefaultRegistry.Logger = log
	crypto.DefaultRegistry.Logger = log
	conversation.DefaultRegistry.Logger = log
	http.DefaultRegistry.Logger = log
}
