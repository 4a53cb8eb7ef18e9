namespace Carillon.Contracts.Legacy
{
    /// <summary>What events of parcels have in common.</summary>
    public interface IParcelEvent
    {
        /// <summary>The parcel.</summary>
        string Parcel { get; }
    }
}
