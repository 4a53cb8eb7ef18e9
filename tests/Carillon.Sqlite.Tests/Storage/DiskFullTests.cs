using System.Globalization;
using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class DiskFullTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SendAsync_ShouldRefuseAndRecover_WhenTheDiskIsFull()
    {
        using var disk = SmallDisk.Mount(_folder, megabytes: 4);
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        await using var sender = await host.OpenSenderAsync();
        var ballast = Path.Combine(_folder.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[2 << 20], TestContext.Current.CancellationToken);

        var stored = 0;
        var failure = await Assert.ThrowsAsync<PublishFailedException>(async () =>
        {
            for (; stored < 10_000; stored++)
                await sender.SendAsync(Large(stored));
        });
        Assert.Contains(failure.Code, (string[])[ErrorCodes.PublishFailed, ErrorCodes.UnsafeStorage]);
        Assert.Contains(_folder.Database, failure.Message, StringComparison.Ordinal);

        File.Delete(ballast);
        await Eventually.IsTrueAsync(() => TryAsync(sender, stored), what: "messages are stored again");
        var sink = new RecordingSink();
        await host.ReceiveAsync(Messages.Subscription("inventory"), sink);
        await Eventually.IsTrueAsync(() => sink.Count >= stored + 1, what: "everything stored arrives");
        Assert.Equal(Enumerable.Range(0, stored + 1).Select(i => i.ToString(CultureInfo.InvariantCulture)), sink.Received.Select(envelope => envelope.Id.ToString()));
        Assert.Equal("ok", Database.Text(_folder, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Start_ShouldRefuse_WhenTheDiskIsReadOnly()
    {
        using var disk = SmallDisk.Mount(_folder, megabytes: 4);
        await (await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology())).DisposeAsync();
        disk.MakeReadOnly();

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestHost.StartAsync(_folder.ConnectionString, Messages.Topology()));

        Assert.Equal(ErrorCodes.UnsafeStorage, failure.Code);
        Assert.Contains("read-only", failure.Message, StringComparison.Ordinal);
    }

    private static async ValueTask<bool> TryAsync(Carillon.Transports.ITransportSender sender, int number)
    {
        try
        {
            await sender.SendAsync(Large(number));
            return true;
        }
        catch (PublishFailedException)
        {
            return false;
        }
    }

    private static Envelope Large(int number) => Messages.Event(number.ToString(CultureInfo.InvariantCulture), "key") with { Body = new byte[64 << 10] };
}
