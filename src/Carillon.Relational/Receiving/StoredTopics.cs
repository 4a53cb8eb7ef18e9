using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// What a subscription asks for as the database knows it. Another version of the service may have added topics: this instance does not declare
/// them, and must read them all the same, because passing by a message is for the whole subscription.
/// </summary>
internal sealed class StoredTopics(long number, SubscriptionTopology declared)
{
    private long _version = -1;

    /// <summary>The subscription's number.</summary>
    public long Number => number;

    /// <summary>The subscription with the topics that are stored for it.</summary>
    public SubscriptionTopology Current { get; private set; } = declared;

    /// <summary>Reads the topics again when they have changed.</summary>
    /// <param name="session">Where to read.</param>
    /// <param name="version">
    /// The version of the topics, as it was seen together with the end of the log: everything up to that end that was published after a
    /// topic was declared is read with that topic.
    /// </param>
    /// <returns>Whether they have changed.</returns>
    public async ValueTask<bool> FollowAsync(Session session, long version)
    {
        if (version == _version)
            return false;
        var topics = new List<TopicPattern>();
        var commands = new List<string>();
        await using (var rows = await session.Prepare(DeclarationSql.Topics).Set("subscription", number).ReadAsync())
        {
            while (await rows.NextAsync())
            {
                if (rows.Number(0) == (int)DeclarationKind.Commands)
                    commands.Add(rows.Text(1));
                else
                    topics.Add(TopicPattern.Parse(rows.Text(1)));
            }
        }

        Current = Current with { Topics = topics, CommandTopics = commands };
        _version = version;
        return true;
    }
}
