using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>Claims a message by the server's own clock. What begins the transaction goes to the server together with its first claim.</summary>
internal sealed class ServerClaiming(string subscription, Envelope message) : InboxClaiming(subscription, message)
{
    private const string Claim =
        $"""
        INSERT INTO carillon_inbox (subscription, source, id, body_hash, handled) VALUES ($1, $2, $3, $4, {DatabaseTime.Now})
        ON CONFLICT (subscription, source, id) DO NOTHING
        """;

    public override bool NeedsTime => false;

    protected override async ValueTask<bool> TryMarkAsync(WriteSession session, InboxMark mark, CancellationToken cancellation)
    {
        var own = (PostgreSqlWriteSession)session;
        await using var batch = new NpgsqlBatch(own.Connection);
        own.TryLimit(batch);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(own.Texts.Get(Claim).Text)
        {
            Parameters =
            {
                Text(mark.Subscription), Text(mark.Source), Text(mark.Id),
                new NpgsqlParameter<byte[]> { TypedValue = mark.Hash, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        });
        return await batch.RunAsync(cancellation) > 0;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
}
