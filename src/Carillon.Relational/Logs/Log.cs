namespace Carillon.Relational;

/// <summary>A table that messages are appended to and that subscriptions read.</summary>
/// <param name="Number">What tables call it.</param>
/// <param name="Table">The table.</param>
internal sealed record Log(int Number, string Table)
{
    /// <summary>What the transport carries.</summary>
    public static readonly Log Messages = new(0, "carillon_messages");

    /// <summary>What another transport is to carry.</summary>
    public static readonly Log Outbox = new(1, "carillon_outbox");

    public static Log Of(long number) => number == Outbox.Number ? Outbox : Messages;
}
