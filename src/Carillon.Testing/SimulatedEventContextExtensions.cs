namespace Carillon.Testing;

/// <summary>What handlers may say in a simulation.</summary>
public static class SimulatedEventContextExtensions
{
    /// <summary>Something that happens when the handler's unit of work commits, in the same step, and not otherwise.</summary>
    /// <param name="context">The context of a handler that runs exactly once, in a simulation.</param>
    /// <param name="effect">What happens.</param>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the handler runs in no unit of work.</exception>
    /// <exception cref="InvalidOperationException">There is no simulation around it.</exception>
    public static void OnCommit(this EventContext context, Action effect)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.UnitOfWork.Transaction is not SimulatedTransaction transaction)
            throw new InvalidOperationException("Only in a simulation can an effect be tied to a commit. Elsewhere, write rows with the transaction.");
        transaction.OnCommit(effect);
    }
}
