namespace Carillon.Transports;

/// <summary>
/// A sender that takes further calls of <see cref="ITransportSender.SendAsync"/> while earlier ones are not confirmed. Calls are begun one after
/// the other, and the messages of a key keep the order in which their calls were begun.
/// </summary>
public interface IPipelinedSender : ITransportSender
{
    /// <summary>
    /// The most messages of one call, 1 or more. One where messages are confirmed at very different times, so that none waits for the confirmation of another.
    /// </summary>
    int MessagesMax { get; }
}
