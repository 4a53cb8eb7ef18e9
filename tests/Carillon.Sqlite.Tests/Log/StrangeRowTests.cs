using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class StrangeRowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("kind", "7", ErrorCodes.InvalidAttribute)]
    [InlineData("kind", "'command'", ErrorCodes.InvalidAttribute)]
    [InlineData("version", "'two'", ErrorCodes.InvalidAttribute)]
    [InlineData("version", "99999999999", ErrorCodes.InvalidAttribute)]
    [InlineData("version", "1.5", ErrorCodes.InvalidAttribute)]
    [InlineData("priority", "-1", ErrorCodes.InvalidAttribute)]
    [InlineData("priority", "X'00'", ErrorCodes.InvalidAttribute)]
    [InlineData("time", "'yesterday'", ErrorCodes.InvalidAttribute)]
    [InlineData("time", "'2026-13-45T00:00:00Z'", ErrorCodes.InvalidAttribute)]
    [InlineData("expiry", "12", ErrorCodes.InvalidAttribute)]
    [InlineData("id", "X'FF00'", ErrorCodes.InvalidAttribute)]
    [InlineData("source", "CAST(X'C328' AS TEXT)", ErrorCodes.InvalidEncoding)]
    [InlineData("headers", "'{'", ErrorCodes.HeaderLimit)]
    [InlineData("headers", "'[1,2]'", ErrorCodes.HeaderLimit)]
    [InlineData("headers", "'{\"a\":null}'", ErrorCodes.HeaderLimit)]
    [InlineData("headers", "'{\"a\":1}'", ErrorCodes.HeaderLimit)]
    [InlineData("headers", "'{\"a\":\"1\",\"a\":\"2\"}'", ErrorCodes.HeaderLimit)]
    [InlineData("body", "12", ErrorCodes.MalformedBody)]
    public async Task Delivery_ShouldCarryADefect_WhenAColumnHoldsNonsense(string column, string value, string code)
    {
        var envelope = await ReceiveAsync($"INSERT INTO carillon_messages (partition, topic, type, {column}) VALUES (0, 'order.created', 'order.created', {value})", column);

        Assert.NotNull(envelope.Defect);
        Assert.Equal(code, envelope.Defect.Code);
    }

    [Fact]
    public async Task Delivery_ShouldCarryWhatIsThere_WhenEverythingElseIsNull()
    {
        var envelope = await ReceiveAsync("INSERT INTO carillon_messages (partition, topic) VALUES (0, 'order.created')", "");

        Assert.Null(envelope.Defect);
        Assert.Equal((true, null, null, 1, Priority.Normal), (envelope.Id.IsEmpty, envelope.Type, envelope.Source, envelope.Version, envelope.Priority));
        Assert.Equal(0, envelope.Body.Length);
    }

    [Theory]
    [InlineData("'x'")]
    [InlineData("NULL")]
    [InlineData("-1")]
    public async Task Partition_ShouldBeRefused_WhenItIsNoNumberThatAnybodyReads(string partition)
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => Database.Execute(_folder, $"INSERT INTO carillon_messages (partition, topic) VALUES ({partition}, 'a')"));
    }

    private async Task<Envelope> ReceiveAsync(string insert, string column)
    {
        var subscription = Messages.Subscription("inventory");
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(subscription));
        var sink = new RecordingSink();
        await host.ReceiveAsync(subscription, sink);
        await using var sender = await host.OpenSenderAsync();
        Database.Execute(_folder, insert);
        await sender.SendAsync(Messages.Event("after", "key"));
        await Eventually.IsTrueAsync(() => sink.Count == 2, what: $"the row with the odd {column} and the one after it arrive");
        Assert.Single(await host.Transport.ReadAsync(new Carillon.Transports.LogQuery { Limit = 1 }, TestContext.Current.CancellationToken));
        return sink.Received.Single(envelope => envelope.Id.ToString() != "after");
    }
}
