using Carillon.Testing.Faults;

namespace Carillon.Testing.Worlds;

/// <summary>
/// Looks at the dead letters as a person would: those that should not be there are a finding, the others get another chance. Whatever killed
/// processes is repaired as soon as somebody has looked at it.
/// </summary>
internal sealed class SimulatedOperator(SimulatedWorld world)
{
    /// <summary>Looks at every dead letter and replays it.</summary>
    public async Task ReplayAsync()
    {
        foreach (var store in world.Servers.Stores)
        {
            foreach (var letter in await store.Database.Parking.ListAsync(new DeadLetterQuery { Limit = 1_000 }))
            {
                Judge(letter, store);
                world.History.Bury(letter.Subscription, letter.Envelope.Source, letter.Envelope.Id);
                world.HandlerFaults.Disarm(letter.Envelope.Id);
                store.Database.Buried.Remove((letter.Subscription, letter.Envelope.Source, letter.Envelope.Id));
                await store.Database.Parking.ReplayAsync(letter.Id);
            }
        }
    }

    private void Judge(DeadLetter letter, StoreServer store)
    {
        // An owner that stood still may come back, and handle what its successor has given up meanwhile.
        var wasHandled = store.Database.Buried.GetValueOrDefault((letter.Subscription, letter.Envelope.Source, letter.Envelope.Id));
        // Where dead letters hold up nothing, what is delivered once more is handled beside them. A key that stands still is tried again by itself, and finds then that it was handled.
        if (letter.Code != ErrorCodes.KeyStopped && !world.History.IsSkipping(letter.Subscription) && wasHandled && !MayHaveLostTheAnswer(letter))
            Report("G5: what is handled is no dead letter", letter, "was handled exactly once before");
        if (letter.Code == ErrorCodes.UnknownType && world.History.Handles(letter.Subscription, letter.Envelope))
            Report("G5: what somebody handles is no dead letter", letter, "is handled by the newest version");
        if (letter.Code == ErrorCodes.ProcessDied && !world.HandlerFaults.IsDeadly(letter.Envelope.Id) && world.Faults.Happened == FaultKinds.DeadlyMessage)
            Report("G5: what kills nobody is not accused of it", letter, "no process has died of it");
        // A key that stands still is tried again by itself, and stood still before anybody could know what it was.
        // What processes died of, as far as anybody can know, is one for that, whatever it had failed of before.
        if (letter.Code is not (ErrorCodes.KeyStopped or ErrorCodes.ProcessDied) && letter.Attempts is { Count: > 0 } attempts && world.HandlerFaults.WasPlainOutage(letter.Subscription, letter.Envelope.Id, attempts[^1].Number) && attempts.All(attempt => attempt.Message.Contains(HandlerFaults.Away, StringComparison.Ordinal)))
            Report("G5: an outage leaves no dead letter", letter, $"failed {attempts.Count} times, only because what its handler needs was away");
    }

    // What a store refuses to keep of the attempts tells nothing any more.
    private static bool MayHaveLostTheAnswer(DeadLetter letter) =>
        letter.Attempts.Any(attempt => attempt.ErrorType == typeof(PublishFailedException).FullName) || letter.Reason.Contains(ErrorCodes.ContentRefused, StringComparison.Ordinal);

    private void Report(string rule, DeadLetter letter, string why) =>
        world.Report(rule, $"{letter.Envelope.Id} of {letter.Envelope.Key} is a dead letter of {letter.Subscription} ({letter.Code}: {letter.Reason}) and {why}", letter.Envelope.Id);
}
