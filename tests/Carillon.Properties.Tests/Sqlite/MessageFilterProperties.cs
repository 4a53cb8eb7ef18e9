using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Relational;
using Carillon.Sqlite;
using Carillon.Transports;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;

namespace Carillon.Properties.Tests.Sqlite;

/// <summary>What the database is asked for holds everything that the subscription wants: a row that it leaves out is never looked at again.</summary>
public sealed class MessageFilterProperties : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    private static readonly Gen<(SubscriptionTopology Subscription, Envelope Envelope)> _cases =
        from related in Topics.Related
        from others in Topics.Related.ArrayOf().Resize(2)
        from broken in Gen.Frequency((3, Gen.Constant<string?>(null)), (1, Topics.Broken.Select(topic => (string?)topic)))
        from kind in Gen.Elements(MessageKind.Event, MessageKind.Event, MessageKind.Command)
        from destination in Gen.Elements(null, null, "orders", "stock", "")
        from isRelay in Gen.Elements(false, false, false, true)
        from source in Gen.Elements("/services/orders", "/services/o'rders", "/services/stock")
        select (
            new SubscriptionTopology
            {
                Name = "orders",
                Service = "orders",
                Topics = isRelay ? [] : [.. others.Append(related).Select(one => TopicPattern.Parse(one.Pattern))],
                CommandTopics = isRelay ? [] : [.. others.Select(one => one.Topic)],
                Source = isRelay ? "/services/o'rders" : null,
            },
            Envelopes.Plain with { Topic = broken ?? related.Topic, Kind = kind, Destination = destination, Source = source });

    public MessageFilterProperties() => _connection.Open();

    [Fact]
    public void Sql_ShouldLetThroughWhatTheSubscriptionAccepts_WhenPatternsAndTopicsAreRelated()
    {
        var accepted = 0;

        Always.Holds(
            _cases,
            given =>
            {
                var accepts = given.Subscription.Accepts(given.Envelope);
                var isLetThrough = IsLetThrough(MessageFilter.Sql(SqliteDialect.Instance, given.Subscription), given.Envelope);
                Assert.True(isLetThrough || !accepts, "the row is left out, but the subscription wants it");
                if (TopicPattern.IsTopic(given.Envelope.Topic) && !given.Subscription.Topics.Any(IsPrefiltered))
                    Assert.Equal(accepts, isLetThrough);
                accepted += accepts ? 1 : 0;
            });

        Assert.True(accepted > TestSettings.Cases / 10 || TestSettings.Replay is not null, $"only {accepted} were accepted: the cases show little");
    }

    public void Dispose() => _connection.Dispose();

    // In such a pattern the database takes a star for any number of words: more comes through, and is asked again.
    private static bool IsPrefiltered(TopicPattern pattern) => pattern.Text.EndsWith('>') && pattern.Text.Contains('*', StringComparison.Ordinal);

    private bool IsLetThrough(string condition, Envelope envelope)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT @topic AS topic, @kind AS kind, @destination AS destination, @source AS source) WHERE {condition}";
        command.Parameters.AddWithValue("@topic", envelope.Topic);
        command.Parameters.AddWithValue("@kind", (long)envelope.Kind);
        command.Parameters.AddWithValue("@destination", (object?)envelope.Destination ?? DBNull.Value);
        command.Parameters.AddWithValue("@source", envelope.Source);
        return (long)command.ExecuteScalar()! > 0;
    }
}
