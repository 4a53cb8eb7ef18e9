namespace Carillon;

/// <summary>
/// A step around every handler of a service: logging, authorisation, measuring. Steps are composed once at start, in the order of
/// registration; each message then runs through them. A step that throws fails the attempt like a handler that throws; a step that
/// does not call <c>next</c> finishes the message without handling it.
/// </summary>
/// <remarks>One instance serves every message and may be called by several at once.</remarks>
public interface IEventMiddleware
{
    /// <summary>Handles the message by calling <paramref name="next"/>, with whatever comes before and after.</summary>
    ValueTask InvokeAsync(EventContext context, EventDelegate next);
}
