namespace Qube.Storage.Tests.ReadModel;

public sealed class SqliteJobQueryTests() : JobQueryContract(postgres: null);
