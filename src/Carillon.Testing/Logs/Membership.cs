using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>
/// What a subscription knows of one instance. Kept when the instance is gone, so that a request of it that was long on its way changes
/// nothing. Guarded by the lock of the log.
/// </summary>
internal sealed class Membership(string instance)
{
    /// <summary>The instance's name.</summary>
    public string Instance => instance;

    /// <summary>What it can handle.</summary>
    public HandledMessages Handles { get; set; } = HandledMessages.Everything;

    /// <summary>The last round that was answered.</summary>
    public long Round { get; private set; }

    /// <summary>What was answered.</summary>
    public LeaseAnswer Answer { get; private set; } = new([], [], -1);

    /// <summary>Until when its leases hold, by the server's clock; null while it is no member.</summary>
    public DateTimeOffset? Expires { get; private set; }

    /// <summary>Since when it has been a member without a break, by the server's clock.</summary>
    public DateTimeOffset Joined { get; private set; }

    /// <summary>Whether it has left, and only keeps what it had in hand until its time is over.</summary>
    public bool IsDeparting { get; private set; }

    /// <summary>Whether it takes part.</summary>
    public bool IsLiving => Expires is not null && !IsDeparting;

    /// <summary>When another instance took note that it is gone.</summary>
    public DateTimeOffset? Gone { get; private set; }

    /// <summary>Another instance looks.</summary>
    public void NoteGone(DateTimeOffset now)
    {
        if (Expires is null && Joined != default)
            Gone ??= now;
    }

    /// <summary>Whether the others wait for its return: it is gone, and was no longer than since a time.</summary>
    public bool IsAwaited(DateTimeOffset since) => !IsLiving && (IsDeparting && Expires is not null || (Gone is { } gone && gone > since));

    /// <summary>Its leases hold for so long from now on.</summary>
    public void Renew(DateTimeOffset now, TimeSpan leaseTime)
    {
        Joined = Expires is null ? now : Joined;
        (Expires, Gone) = (now + leaseTime, null);
    }

    /// <summary>It is not heard of any more.</summary>
    public void Expire() => Expires = null;

    /// <summary>Notes the answer to a round.</summary>
    public LeaseAnswer Conclude(long round, LeaseAnswer answer)
    {
        (Round, Answer) = (round, answer);
        return answer;
    }

    /// <summary>The instance has left for good: no later request of it counts.</summary>
    /// <param name="keptUntil">Until when it keeps something; null when it keeps nothing.</param>
    public void Leave(DateTimeOffset? keptUntil)
    {
        (Expires, IsDeparting) = (keptUntil, true);
        Conclude(long.MaxValue, new LeaseAnswer([], [], -1));
    }
}
