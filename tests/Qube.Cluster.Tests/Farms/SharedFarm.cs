using Xunit;

namespace Qube.Cluster.Tests.Farms;

/// <summary>One farm for all tests that leave it as they found it; its tests run one after another.</summary>
public sealed class SharedFarm : IAsyncLifetime
{
    public const string Collection = "one farm";

    internal FarmProcess Farm { get; private set; } = null!;

    public async Task InitializeAsync() => Farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 4 });

    public async Task DisposeAsync() => await Farm.DisposeAsync();

    [CollectionDefinition(Collection)]
    public sealed class Definition : ICollectionFixture<SharedFarm>;
}
