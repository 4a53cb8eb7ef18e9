using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A subscription that keeps messages from being removed, although they are too old or too many.</summary>
/// <param name="Service">The service that it belongs to.</param>
/// <param name="Subscription">Its full name.</param>
/// <param name="IsRunning">Whether an instance of it is running.</param>
/// <param name="Since">When the first message was stored that it has not finished; null when nobody knows.</param>
/// <param name="Messages">How many messages it holds back at most.</param>
/// <param name="Bytes">How much the messages of all take.</param>
internal sealed record RetentionHold(string Service, string Subscription, bool IsRunning, DateTimeOffset? Since, long Messages, long Bytes)
{
    /// <summary>Reads service, name, whether it runs, time, count and size.</summary>
    public static async ValueTask<RetentionHold?> ReadAsync(Statement statement, CancellationToken cancellation)
    {
        await using var row = await statement.ReadAsync(cancellation);
        return await row.NextAsync(cancellation)
            ? new RetentionHold(row.Text(0), row.Text(1), row.Number(2) == 1, row.IsNull(3) ? null : StoredTime.To(row.Number(3)), row.NumberOrZero(4), row.NumberOrZero(5))
            : null;
    }

    /// <summary>Whether it is the same subscription in the same situation.</summary>
    public bool IsLike(RetentionHold? other) => (Service, Subscription, IsRunning) == (other?.Service, other?.Subscription, other?.IsRunning);

    public override string ToString() => FormattableString.Invariant(
        $"{Subscription} of service {Service} has not finished what was stored since {Since:O}, at most {Messages} messages; all messages together take {Bytes >> 20} MiB. {Advice}");

    private string Advice => IsRunning
        ? "An instance of it is running: find out why it does not get on."
        : $"No instance of it is running: start one, or retire it with {nameof(ISubscriptions)}.{nameof(ISubscriptions.RetireAsync)}(\"{Service}\", \"{Subscription}\") if it is gone for good.";
}
