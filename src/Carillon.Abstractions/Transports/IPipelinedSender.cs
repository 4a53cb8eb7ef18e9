namespace Carillon.Transports;

/// <summary>
/// A sender that takes further calls of <see cref="ITransportSender.SendAsync"/> while earlier ones are not confirmed. Calls are begun one after
/// the other, and the messages of a key keep the order in which their calls were begun.
/// </summary>
/// <remarks>
/// What is refused for now takes what follows of its key with it in its own call only: no transport is asked to take back what another call has stored. Where order depends on a refusal, as in
/// a relay, the runtime has no two messages of one key in calls at the same time; whoever publishes directly is told of each message by itself, and one that was refused is not published.
/// </remarks>
public interface IPipelinedSender : ITransportSender
{
    /// <summary>
    /// The most messages of one call, 1 or more. One where messages are confirmed at very different times, so that none waits for the confirmation of another.
    /// </summary>
    int MessagesMax { get; }
}
