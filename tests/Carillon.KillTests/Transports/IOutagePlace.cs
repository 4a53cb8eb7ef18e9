namespace Carillon.KillTests;

/// <summary>A place whose database can be taken away for a while and brought back, with all that was committed.</summary>
internal interface IOutagePlace
{
    /// <summary>Takes the database away from everybody.</summary>
    /// <param name="stands">Whether it stays there and only answers nobody, where it can be told apart from being gone.</param>
    /// <returns>What brings it back.</returns>
    Task<IAsyncDisposable> TakeAwayAsync(bool stands);
}
