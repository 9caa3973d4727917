using Xunit;

namespace Qube.Storage.Tests.ReadModel;

public sealed class PostgresJobQueryTests(PostgresServer server) : JobQueryContract(server.Shared), IClassFixture<PostgresServer>;
