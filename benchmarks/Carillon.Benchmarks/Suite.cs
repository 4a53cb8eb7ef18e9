namespace Carillon.Benchmarks;

/// <summary>Every row, in the order in which it is measured. In each group the first row is the limit that the others are compared with.</summary>
public static class Suite
{
    public static IEnumerable<Workload> All(BenchmarkArguments arguments) =>
        [.. InMemory(), .. Sqlite(arguments.Folder)];

    private static IEnumerable<Workload> InMemory() =>
    [
        new ChannelLimit("inmemory, 1 subscription", subscriptions: 1, isSerialized: true),
        new ChannelLimit("inmemory, 1 subscription", subscriptions: 1, isSerialized: false),
        new ChannelLimit("inmemory, 3 subscriptions", subscriptions: 3, isSerialized: true),
        new ChannelLimit("inmemory, 3 subscriptions", subscriptions: 3, isSerialized: false),
    ];

    private static IEnumerable<Workload> Sqlite(string folder) =>
    [
        new GroupCommitLimit("sqlite, 16 publishers", folder, writers: 16),
        new BatchInsertLimit("sqlite, 16 publishers", folder, batch: 1),
        new BatchInsertLimit("sqlite, 16 publishers", folder, batch: 100),
        new BatchInsertLimit("sqlite, 16 publishers", folder, batch: 1000),
        new GroupCommitLimit("sqlite, 64 publishers", folder, writers: 64),
    ];
}
