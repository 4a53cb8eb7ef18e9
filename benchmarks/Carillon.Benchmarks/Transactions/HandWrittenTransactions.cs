using System.Text.Json;
using System.Threading.Channels;
using Npgsql;

namespace Carillon.Benchmarks;

/// <summary>The limit: the same two transactions written by hand. The event goes from one to the other through memory, so nobody looks for it.</summary>
public sealed class HandWrittenTransactions(string group, string server) : TransactionWorkload(group, "limit: SQL by hand", server)
{
    protected override async Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server) { MaxAutoPrepare = 20 }.ConnectionString);
        var events = Channel.CreateUnbounded<(Guid Id, byte[] Body)>();
        var handling = Enumerable.Range(0, Publishers).Select(_ => Task.Run(() => HandleAsync(source, events.Reader, recorder))).ToArray();
        var result = await Benchmarks.Publishers.RunAsync(Publishers, duration, order => PublishAsync(source, events.Writer, order), recorder, copies: 1);
        events.Writer.Complete();
        await Task.WhenAll(handling);
        return result;
    }

    private static async ValueTask PublishAsync(NpgsqlDataSource source, ChannelWriter<(Guid, byte[])> events, OrderCreated order)
    {
        var id = Guid.CreateVersion7();
        var body = JsonSerializer.SerializeToUtf8Bytes(order, EventJson.Default.OrderCreated);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var add = ShopSql.AddOrder(connection, order))
            await add.ExecuteNonQueryAsync();
        await using (var add = ShopSql.AddEvent(connection, id, body))
            await add.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await events.WriteAsync((id, body));
    }

    private static async Task HandleAsync(NpgsqlDataSource source, ChannelReader<(Guid Id, byte[] Body)> events, LatencyRecorder recorder)
    {
        await foreach (var (id, body) in events.ReadAllAsync())
        {
            var order = JsonSerializer.Deserialize(body, EventJson.Default.OrderCreated)!;
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var add = ShopSql.AddHandled(connection, id))
            {
                if (await add.ExecuteNonQueryAsync() == 0)
                    continue;
            }

            await using (var add = ShopSql.AddReservation(connection, order))
                await add.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            recorder.Record(order.CreatedAt);
        }
    }
}
