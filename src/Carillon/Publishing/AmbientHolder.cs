namespace Carillon.Publishing;

/// <summary>
/// Holds the message that is being handled. A lane enters its holder once and then changes what is in it, so that no message pays for a new
/// execution context.
/// </summary>
internal sealed class AmbientHolder
{
    public EventContext? Context { get; set; }
}
