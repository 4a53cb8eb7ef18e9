namespace Carillon.Benchmarks;

/// <summary>Every row, in the order in which it is measured. In each group the first row is the limit that the others are compared with.</summary>
public static class Suite
{
    private const int InMemoryPublishers = 8;
    private static readonly int[] Fans = [1, 3];
    private static readonly int[] Batches = [1000, 100, 10, 1];
    private static readonly int[] Writers = [16, 64];

    public static IEnumerable<Workload> All(BenchmarkArguments arguments) =>
        arguments.PostgreSql is { } server
            ? Transactions(server)
            : [.. Fans.SelectMany(fan => InMemory(fan, arguments)), .. Inserts(arguments.Folder), .. Fans.SelectMany(fan => Sqlite(fan, arguments))];

    private static IEnumerable<Workload> InMemory(int subscriptions, BenchmarkArguments arguments)
    {
        var group = $"inmemory, {Count(subscriptions)}";
        yield return new ChannelLimit(group, subscriptions, isSerialized: true);
        yield return new ChannelLimit(group, subscriptions, isSerialized: false);
        yield return new ClosedLoop(group, folder: null, subscriptions, InMemoryPublishers);
        yield return new OpenLoop(group, folder: null, subscriptions, arguments.Rate);
    }

    private static IEnumerable<Workload> Inserts(string folder) =>
        Batches.Select(batch => new BatchInsertLimit("sqlite, inserts only", folder, batch));

    private static IEnumerable<Workload> Sqlite(int subscriptions, BenchmarkArguments arguments)
    {
        foreach (var publishers in Writers)
        {
            var group = $"sqlite, {Count(subscriptions)}, {publishers} publishers";
            yield return new GroupCommitLimit(group, arguments.Folder, publishers);
            yield return new ClosedLoop(group, arguments.Folder, subscriptions, publishers);
        }

        yield return new OpenLoop($"sqlite, {Count(subscriptions)}, no queue", arguments.Folder, subscriptions, arguments.Rate);
    }

    private static IEnumerable<Workload> Transactions(string server)
    {
        var sql = $"postgresql, transactions, {TransactionWorkload.Publishers} publishers";
        yield return new HandWrittenTransactions(sql, server);
        yield return new UnitOfWorkTransactions(sql, server);
        var contexts = $"postgresql, EF Core, {TransactionWorkload.Publishers} publishers";
        foreach (var isPooled in (bool[])[false, true])
        {
            yield return new PlainContexts(contexts, server, isPooled);
            yield return new PublishingContexts(contexts, server, isPooled);
        }

        yield return new WolverineContexts(contexts, server);
    }

    private static string Count(int subscriptions) => subscriptions == 1 ? "1 subscription" : $"{subscriptions} subscriptions";
}
