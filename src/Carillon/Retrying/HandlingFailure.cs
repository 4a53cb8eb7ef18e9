using Carillon.Parking;

namespace Carillon.Retrying;

/// <summary>The failed attempts of a message, and whether trying again is pointless.</summary>
internal sealed class HandlingFailure(List<FailedAttempt> attempts)
{
    public IReadOnlyList<FailedAttempt> Attempts => attempts;

    public bool IsPermanent { get; private set; }

    public void Add(FailedAttempt attempt, bool isPermanent)
    {
        attempts.Add(attempt);
        IsPermanent = isPermanent;
    }
}
