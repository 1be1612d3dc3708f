// Time lines: uPlot, loaded by pages that draw one.
import uPlot from "uplot";
export { uPlot };
