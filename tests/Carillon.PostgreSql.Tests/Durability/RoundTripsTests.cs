using System.Collections.Concurrent;
using System.Diagnostics;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>
/// How often a business row and its event go to the server and back: what docs/performance.md says. The driver begins an activity for each command or batch that it sends, in the trace
/// of the message.
/// </summary>
public sealed class RoundTripsTests : DatabaseTests
{
    private const string Insert = "INSERT INTO effects (version) VALUES (1)";

    [Fact]
    public async Task UnitOfWork_ShouldTakeThreeWaysOnEachSide_WhenItWritesARowAndAnEvent()
    {
        await Database.ExecuteAsync("CREATE TABLE effects (version bigint NOT NULL)");
        var commands = new ConcurrentQueue<Activity>();
        using var listener = Listen(commands);
        await using var host = await ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<Moved>(async (_, context) => await WriteAsync(context.UnitOfWork)));
        await PublishAsync(host);
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM effects") == 2, what: "connections are open and statements prepared");

        commands.Clear();
        using var root = new Activity("a business row and its event").SetIdFormat(ActivityIdFormat.W3C).Start();
        await PublishAsync(host);
        root.Stop();
        await Eventually.IsTrueAsync(() => Handling(commands).Any(static text => text.Contains("COMMIT", StringComparison.Ordinal)), what: "it is handled");

        Assert.Collection(Publishing(commands, root.TraceId), Is("lock_timeout"), Is("effects"), Is("carillon_messages", "COMMIT"));
        Assert.Collection(Handling(commands), Is("lock_timeout", "carillon_inbox"), Is("effects"), Is("COMMIT"));
    }

    private static async Task PublishAsync(ServiceHost host)
    {
        await using var work = await host.Bus.BeginAsync(cancellation: Cancellation);
        await WriteAsync(work);
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await work.CommitAsync(Cancellation);
    }

    private static async Task WriteAsync(IUnitOfWork work)
    {
        await using var command = new NpgsqlCommand(Insert, (NpgsqlConnection)work.Connection, (NpgsqlTransaction)work.Transaction);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static Action<string> Is(params string[] parts) => text => Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));

    private static List<string> Publishing(ConcurrentQueue<Activity> commands, ActivityTraceId trace) =>
        UpToCommit(commands.Where(command => command.TraceId == trace));

    /// <summary>What the connection that has claimed the message was used for from then on, up to the commit.</summary>
    private static List<string> Handling(ConcurrentQueue<Activity> commands)
    {
        var claim = commands.FirstOrDefault(static command => TextOf(command).Contains("carillon_inbox", StringComparison.Ordinal));
        if (claim is null)
            return [];
        return UpToCommit(commands.Where(command => ConnectionOf(command)!.Equals(ConnectionOf(claim))).SkipWhile(command => command != claim));
    }

    private static List<string> UpToCommit(IEnumerable<Activity> commands)
    {
        var texts = commands.Select(TextOf).ToList();
        var commit = texts.FindIndex(static text => text.Contains("COMMIT", StringComparison.Ordinal));
        return commit < 0 ? texts : texts[..(commit + 1)];
    }

    private static string TextOf(Activity command) => command.GetTagItem("db.query.text") as string ?? "";

    private static object? ConnectionOf(Activity command) => command.GetTagItem("db.npgsql.connection_id");

    private static ActivityListener Listen(ConcurrentQueue<Activity> commands)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("Npgsql", StringComparison.Ordinal) || source.Name.StartsWith("Carillon", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                // A connection is looked at once, when it is opened.
                if (TextOf(activity) is { Length: > 0 } text && !text.Contains("pg_is_in_recovery", StringComparison.Ordinal))
                    commands.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
