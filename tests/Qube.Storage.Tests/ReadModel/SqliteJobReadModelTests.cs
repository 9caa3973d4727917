namespace Qube.Storage.Tests.ReadModel;

public sealed class SqliteJobReadModelTests() : JobReadModelContract(postgres: null);
