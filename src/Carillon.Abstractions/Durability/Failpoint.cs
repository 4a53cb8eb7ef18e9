namespace Carillon.Durability;

/// <summary>
/// A place between two steps of the delivery protocol at which the kill harness may end the process. Nothing happens there in production.
/// </summary>
internal static class Failpoint
{
    /// <summary>What happens at every failpoint, given its name; null, the default, is nothing. Set before the host starts.</summary>
    public static Action<string>? Reached { get; set; }

    /// <summary>Says that a step is over.</summary>
    /// <param name="name">Where this is, such as <c>delivery.settling</c>.</param>
    public static void Reach(string name) => Reached?.Invoke(name);
}
