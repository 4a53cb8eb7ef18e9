using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Writes down what instances of a subscription ask for. Called under the lock of what is changed.</summary>
internal static class Declarations
{
    /// <summary>Declares all topics of a subscription.</summary>
    /// <returns>Whether any of them is new.</returns>
    public static async ValueTask<bool> DeclareAsync(WriteSession session, long number, SubscriptionTopology subscription, CancellationToken cancellation)
    {
        var isAnyNew = false;
        foreach (var topic in subscription.Topics)
            isAnyNew |= await DeclareAsync(session, number, DeclarationKind.Events, topic.Text, cancellation);
        foreach (var topic in subscription.CommandTopics)
            isAnyNew |= await DeclareAsync(session, number, DeclarationKind.Commands, topic, cancellation);
        return isAnyNew;
    }

    /// <summary>Says again that the topics of a subscription are asked for. What was taken away or moved elsewhere meanwhile stays so.</summary>
    public static async ValueTask RenewAsync(WriteSession session, long number, SubscriptionTopology subscription, CancellationToken cancellation)
    {
        foreach (var topic in subscription.Topics)
            await Prepare(session, DeclarationSql.Renew, number, DeclarationKind.Events, topic.Text).ExecuteAsync(cancellation);
        foreach (var topic in subscription.CommandTopics)
            await Prepare(session, DeclarationSql.Renew, number, DeclarationKind.Commands, topic).ExecuteAsync(cancellation);
    }

    /// <summary>Declares one thing.</summary>
    /// <returns>Whether it is new.</returns>
    public static async ValueTask<bool> DeclareAsync(WriteSession session, long number, DeclarationKind kind, string name, CancellationToken cancellation)
    {
        if (await Prepare(session, DeclarationSql.Renew, number, kind, name).ExecuteAsync(cancellation) > 0)
            return false;
        await Prepare(session, DeclarationSql.Add, number, kind, name).ExecuteAsync(cancellation);
        return true;
    }

    private static Statement Prepare(WriteSession session, string sql, long number, DeclarationKind kind, string name) => session.Prepare(sql)
        .Set("subscription", number).Set("kind", (int)kind).Set("name", name).Set("now", session.StoredNow);
}
