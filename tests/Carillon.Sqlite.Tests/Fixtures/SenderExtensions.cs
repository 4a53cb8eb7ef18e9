using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>Sends in the way of a test: until the test is over.</summary>
internal static class SenderExtensions
{
    public static async Task<IReadOnlyList<SendFailure>> SendAsync(this ITransportSender sender, params Envelope[] batch) =>
        await sender.SendAsync(batch, TestContext.Current.CancellationToken) ?? [];
}
