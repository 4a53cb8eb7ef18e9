namespace Carillon.Durability;

/// <summary>
/// Messages that wait for a transaction which somebody else begins and ends, such as that of an object-relational mapper. They keep the
/// ids that they got when they were published, however often they are stored. Not safe for several threads at once.
/// </summary>
public interface IPendingMessages
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>
    /// Makes this the place where messages wait that the calling code, and what it calls, publishes: until what is returned is disposed.
    /// </summary>
    /// <param name="unitOfWork">The unit of work that the code runs in from now on, or null when it only publishes.</param>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the code runs in a unit of work already.</exception>
    IDisposable Enter(IUnitOfWork? unitOfWork = null);

    /// <summary>Stores them with a transaction, in the order in which they were published. They stay here until they are forgotten.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="from">The first one to store, counted from 0.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask StoreAsync(IStoreTransaction transaction, int from, CancellationToken cancellation);

    /// <summary>Forgets those from a position on.</summary>
    void Forget(int from);
}
